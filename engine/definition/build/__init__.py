"""One file per section: nodes whose shape is known to be right → typed parts of an App."""
