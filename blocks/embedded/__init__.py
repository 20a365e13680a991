"""The services Obmen stands on, started and stopped by the project itself. See `services.py`."""
