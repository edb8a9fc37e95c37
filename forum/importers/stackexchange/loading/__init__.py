"""From the staging file into the forum, in transactions of whole threads.

Each row that is loaded leaves a row in `imported_row`, in the same transaction: this is what makes an import
that was killed continue where it stopped, and one that is run again add only what is new. The state in the
staging file is set just before the commit; when the two disagree after a crash, `imported_row` is right.
"""
