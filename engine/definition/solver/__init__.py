"""Is there a record for which a condition holds? A decision procedure for the conditions of the language; proofs ask it."""
