// Placeholder: no tests yet.
