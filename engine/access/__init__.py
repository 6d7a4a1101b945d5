"""Who may see and change what: on one record (decide), as SQL (view). A refusal always carries the line that decided."""
