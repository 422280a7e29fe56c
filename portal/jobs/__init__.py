"""Work outside requests.

A job is a row written in the transaction that wants it; after the commit it is handed to the queue, and a sweep picks up
whatever the hand-over lost. Jobs get ids, make one service call, and are safe to deliver twice.
A key makes a job unique: the same key again is the same job.
"""
