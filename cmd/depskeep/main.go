// Command depskeep holds modules in go.mod until their users land.
package main // scaffolding: leaves before the end

import (
	_ "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	_ "go.opentelemetry.io/otel/sdk/trace"
)

func main() {}
