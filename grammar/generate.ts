import { languageConfiguration } from "./language-configuration.ts";
import { readme } from "./readme.ts";
import { markdownInjection, textmateGrammar } from "./textmate.ts";

/** The files that are made from the grammar: their path from the root of the project, and their content. */
export function generatedFiles(): Record<string, string> {
  return {
    "grammar/README.md": readme(),
    "vscode-extension/generated/markdown-recipe.tmLanguage.json": json(markdownInjection()),
    "vscode-extension/generated/recipe.tmLanguage.json": json(textmateGrammar()),
    "vscode-extension/language-configuration.json": json(languageConfiguration()),
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
