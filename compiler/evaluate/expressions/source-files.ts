import type { Span } from "../../../grammar/source.ts";
import type { Blob } from "../../kind/value.ts";
import type { Failure } from "../state/failure.ts";
import type { Run } from "../state/run.ts";

/** A file of the recipe, as it was read. */
export interface SourceBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Reads a file that a recipe names, relative to the recipe's own file; what is wrong is reported where it is named. */
export function readSource(run: Run, name: string, span: Span): SourceBytes | Failure {
  const path = run.host.resolve(span.file.path, name);
  const read = run.prepared.read(path);
  if (!("bytes" in read)) return run.report("E501", span, { path, problem: read.problem, detail: read.detail });
  return { path, bytes: read.bytes };
}

/** Bytes by their digest. */
export function blobOf(run: Run, bytes: Uint8Array): Blob {
  return { type: "blob", digest: run.prepared.digestOf(bytes), size: bytes.length, bytes };
}
