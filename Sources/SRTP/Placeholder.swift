// Placeholder: this module has no content yet.
