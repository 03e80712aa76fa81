"""`reconciler.yaml` in, validated settings out; every error names file, line, key and the fix."""
