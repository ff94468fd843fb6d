"""The screens: the main one, and the dialogs over it, which get their data when made and answer with a result."""
