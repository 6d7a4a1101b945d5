"""Reading and writing of values that several kinds of fields share. No kind lives here."""
