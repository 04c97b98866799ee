"""What must be done now: grounds say what lives, a plan says what is due."""
