"""Commands that have a module of their own, one each: arguments, printing and exit codes.

What they do is done by the modules they call, which print nothing.
"""
