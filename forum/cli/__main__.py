from forum.cli.main import main

main()
