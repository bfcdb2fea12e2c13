// What every entry of the package offers.
export type * from "../generated/events.js";
export { FaultError, LogweirError, PolicyError, UsageError } from "./errors.js";
export type { Run, RunOptions } from "./run.js";
export type { StreamOptions, WeirStream } from "./stream.js";
export type {
  Batch,
  Bytes,
  Format,
  Input,
  Output,
  Policy,
  Problem,
  Quarantined,
  Report,
  Trip,
} from "./types.js";
export { version } from "./version.js";
export { compile, type Processed, type ProcessOptions, type Weir } from "./weir.js";
