"""The office's settings: tiers, windows, rules, and what went on behind the pages.

Words: a *setting* is a row valid from a day or a fiscal year; changing one never touches what was agreed before. A *failure*
is a job that gave up. The *trail* is the audit trail.

Who: the secretariat reads settings, an administrator changes them. The trail and failures are the administrator's alone.
Every change shows first what it will do; it is made by a second step.
"""
