import type { Kind } from "../compiler/kind/kind.ts";
import { directory } from "./directory/directory.ts";
import { file } from "./file/file.ts";
import { packageKind } from "./package/package.ts";
import { service } from "./service/service.ts";

/** Every kind of resource that Galley knows by itself. */
export const kinds: readonly Kind[] = [directory, file, packageKind, service];
