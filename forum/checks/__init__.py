"""Recounts of everything that is derived from something else, and their repair.

A site is consistent when each derived column equals what it is derived from: scores the votes, counters the
rows they count, reputation the ledger, the ledger the votes and acceptances, the index the visible threads.
Each module holds one family of such equations. A family finds differences in windows of ids, with a set-based
statement for each window, so that memory stays bounded and no row costs a statement of its own.

Repair locks in the order of the actions (thread, tags, people) and recounts under the lock, so that it may
run beside a busy site.
"""
