"""The HTML pages: from facts to the one view value that each template gets. Which pages exist is known to `plan`."""
