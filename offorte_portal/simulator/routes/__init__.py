"""The API's endpoints, one module for each part of the reference."""
