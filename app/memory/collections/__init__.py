"""Folders and documents as lasting knowledge: read in passages, and watched for changes."""
