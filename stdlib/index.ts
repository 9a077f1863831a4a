import type { Kind } from "../compiler/kind/kind.ts";
import { directory } from "./directory/directory.ts";
import { execute } from "./execute/execute.ts";
import { file } from "./file/file.ts";
import { group } from "./group/group.ts";
import { link } from "./link/link.ts";
import { packageKind } from "./package/package.ts";
import { service } from "./service/service.ts";
import { user } from "./user/user.ts";

/** Every kind of resource that Galley knows by itself. */
export const kinds: readonly Kind[] = [directory, execute, file, group, link, packageKind, service, user];
