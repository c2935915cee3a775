"""sitegen builds cross-linked static sites from annotated transcripts.

ARCHITECTURE.md lists the modules in the order in which they are best read.
"""

__version__ = "0.1.0"
