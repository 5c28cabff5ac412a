"""Check: the rules a plan is held to, as SHACL, and the report a plan author understands."""
