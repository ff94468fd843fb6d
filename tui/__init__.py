"""What a person touches: the app and the command line."""
