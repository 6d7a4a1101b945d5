"""What a definition that is right in every part still does wrong: rules that fight, loop, never fire or give a secret away."""
