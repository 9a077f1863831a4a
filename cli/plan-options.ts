import type { Option } from "./arguments.ts";

/** Options of every command that makes a plan. */
export const planOptions: readonly Option[] = [
  { name: "full", doc: "show long differences whole" },
  {
    name: "on",
    value: "TARGET",
    many: true,
    doc: "local (the default), ssh://user@host:port or root:/path; where the recipe declares hosts: a host, a layer or a selector such as 'layer:web & !web2' (all of them unless given); may be given several times",
  },
  {
    name: "set",
    value: "NAME=VALUE",
    many: true,
    doc: "give an input a value, as in --set shop.revision=v1.3; wins over the recipe and its data; may be given several times",
  },
  {
    name: "show-private",
    doc: "show also content that its file mode hides from others or that the recipe calls `sensitive`",
  },
];
