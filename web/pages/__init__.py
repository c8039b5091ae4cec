"""The pages people read, one file per part of the site."""
