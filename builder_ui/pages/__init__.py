"""One file per screen: each reads the request, asks the runtime, and draws a template. No decision about data is made here."""
