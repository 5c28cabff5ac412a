"""The validation engines beside plain pyshacl, on made-up plans: speed, agreement, growth, memory, one changed plan."""
