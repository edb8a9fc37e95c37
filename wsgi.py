from flask import Flask

from forum.app import create_app

app: Flask = create_app()
