"""Importing a data dump of a Stack Exchange site.

The way of a dump, one module per step:

    dump, archives    find the files in a folder, a .zip or a .7z
    stream            rows of a file, one at a time
    reading           a row's attributes become a typed row, or a reason why not
    staging, checks   all rows in a file of their own, checked against each other
    loading           into the forum, in transactions of whole threads
    report            what became of every row

Until `loading` nothing of the forum is touched, so a dump that can't be trusted leaves no trace.
"""
