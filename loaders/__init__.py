"""Read: document → records → graph; pure, with no store, no network and no settings."""
