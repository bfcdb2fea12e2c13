/**
 * Compiling policies, and each room of the core by itself. What every entry of the package offers.
 *
 * @module logweir
 */
export type * from "../generated/events.js";
export { type PrometheusOptions, Report } from "./account.js";
export type { Batches, BatchesOptions, Progress } from "./batches.js";
export {
  Catalog,
  type CatalogOptions,
  type CatalogValidation,
  type OwnType,
  type TypeName,
} from "./catalog.js";
export type { CatalogRecord, CatalogRun, CatalogRunOptions } from "./catalog-run.js";
export { definePolicy } from "./define.js";
export { detect } from "./detect.js";
export {
  CatalogError,
  FaultError,
  LogweirError,
  PolicyError,
  QueryError,
  RecordError,
  SchemaError,
  TemplateError,
  UsageError,
} from "./errors.js";
export type { OwnEvent, UnknownEvent } from "./event.js";
export { formatFinding } from "./finding.js";
export { type Answer, type InterpretOptions, interpret, type Outcome } from "./interpret.js";
export {
  Query,
  type QueryCandidate,
  type QueryNode,
  type QueryOptions,
  type QuerySpan,
  type QueryToken,
} from "./query.js";
export type { QueryMatch, QueryRun, QueryRunOptions } from "./query-run.js";
export { type Prepared, type PrepareOptions, prepare } from "./request.js";
export type { Run, RunOptions } from "./run.js";
export {
  type JsonSchema,
  type OutputForm,
  type OutputUnit,
  Schema,
  type SchemaOptions,
  type ValidateOptions,
  type Validation,
} from "./schema.js";
export type { SchemaRun, SchemaRunOptions, Verdict } from "./schema-run.js";
export type { Source } from "./source.js";
export { split } from "./split.js";
export type { StreamOptions, WeirStream } from "./stream.js";
export { type RenderOptions, Template, type TemplateOptions } from "./template.js";
export type { Rendered, TemplateRun, TemplateRunOptions } from "./template-run.js";
export type { Now } from "./time.js";
export { formatTrip } from "./trip.js";
export type {
  Batch,
  BatchRequest,
  Bytes,
  DestinationName,
  Drift,
  FieldName,
  Fields,
  FieldValue,
  Finding,
  Format,
  Input,
  Output,
  Place,
  Policy,
  Problem,
  Quarantined,
  Quota,
  RedactRule,
  Route,
  Signing,
  Trip,
} from "./types.js";
export { version } from "./version.js";
export {
  type CompileOptions,
  compile,
  type ExplainOptions,
  type Processed,
  type ProcessOptions,
  type Weir,
} from "./weir.js";
