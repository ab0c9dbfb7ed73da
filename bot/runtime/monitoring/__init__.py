"""What the running bot measures: Prometheus metrics and OpenTelemetry traces."""
