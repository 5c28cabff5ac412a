"""The time that each question takes: on the sample plans, on a made-up country, and on other engines."""
