"""Builds one synthetic archive with sitegen and with other generators, in turn, and compares them."""
