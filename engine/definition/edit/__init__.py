"""Changing a definition's text and nothing but the place that is meant: comments, order, quotes and blank lines stay."""
