import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "./child.js";

/** The classes whose constructor passes its texts through `redact`, so that any text may be handed to it. */
const redacting = ["OutboundBotError", "RedactedError"];
/** Internal classes with a literal message, whose errors `toConnectionError` replaces. */
const internalErrors = ["StaleConnection", "ProxyFailure", "RefusedResponse", "CallFailure"];
const outputs = /^(?:console\.\w+|process\.std(?:out|err)\.write|pulumi\.log\.\w+)$/;

/**
 * Returns each place in src/ that puts a text into an error or prints it, unless the text is a literal or passes through `redact`.
 *
 * @param more the texts of further files, by their path from src/.
 */
export function foreignTexts(more: Readonly<Record<string, string>> = {}): string[] {
  const src = join(root, "src");
  const config = join(root, "tsconfig.json");
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const added = new Map(Object.entries(more).map(([path, text]) => [join(src, path), text]));
  const host = ts.createCompilerHost(parsed.options, true);
  const { readFile, fileExists } = host;
  host.readFile = (path) => added.get(path) ?? readFile(path);
  host.fileExists = (path) => added.has(path) || fileExists(path);
  // The emulator's errors go to its own clients, and the stored provider is source code in a state.
  const ours = (path: string) =>
    path.startsWith(src) && !/^emulator|storedProvider/.test(relative(src, path));
  const program = ts.createProgram([...parsed.fileNames.filter(ours), ...added.keys()], parsed.options, host);
  const files = program.getSourceFiles().filter(({ fileName }) => ours(fileName));
  const search = new Search(program.getTypeChecker());
  for (const file of files) {
    search.visit(file);
  }
  return search.found.map((node) => {
    const path = relative(src, node.getSourceFile().fileName).replaceAll("\\", "/");
    return `${path}: ${node.getText().replaceAll(/\s+/g, " ")}`;
  });
}

class Search {
  readonly found: ts.Node[] = [];
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  visit(node: ts.Node): void {
    if (this.#isViolation(node)) {
      this.found.push(node);
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  #isViolation(node: ts.Node): boolean {
    if (ts.isClassLike(node)) {
      const kind = this.#kindOf(this.#checker.getTypeAtLocation(node.name ?? node));
      return kind === "Error" && ![...redacting, ...internalErrors].includes(node.name?.text ?? "");
    }
    if (ts.isNewExpression(node)) {
      return this.#makesError(node) && !this.#areSafe(node.arguments ?? []);
    }
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const [first, ...others] = node.arguments;
      if (callee === "Object.assign" && first !== undefined && this.#isError(first)) {
        return !this.#areSafe(others);
      }
      const constructs =
        this.#checker.getTypeAtLocation(node.expression).symbol?.name.endsWith("ErrorConstructor") ?? false;
      return (outputs.test(callee) || constructs) && !this.#areSafe(node.arguments);
    }
    return (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      /^(?:message|stack|cause|name)$/.test(node.left.name.text) &&
      this.#isError(node.left.expression) &&
      !this.#isSafe(node.right)
    );
  }

  /** Whether an expression creates an error that may show its arguments as they are. */
  #makesError(node: ts.NewExpression): boolean {
    const type = this.#checker.getTypeAtLocation(node);
    return (
      this.#kindOf(type) === "Error" &&
      !/^(?:BrokenExchange|ProxyFailure|CallFailure)$/.test(type.symbol.name)
    );
  }

  #isError(node: ts.Node): boolean {
    return this.#kindOf(this.#checker.getTypeAtLocation(node)) !== undefined;
  }

  /** Returns the first of the redacting classes, or else `Error`, that a type derives from. */
  #kindOf(type: ts.Type): string | undefined {
    const name = type.symbol?.name;
    if (name === "Error" || redacting.includes(name)) {
      return name;
    }
    const bases = type.isClassOrInterface() ? this.#checker.getBaseTypes(type) : [];
    return bases.map((base) => this.#kindOf(base)).find((kind) => kind !== undefined);
  }

  #areSafe(nodes: readonly ts.Node[]): boolean {
    return nodes.every((node) => this.#isSafe(node));
  }

  #isSafe(node: ts.Node): boolean {
    if (ts.isTemplateExpression(node)) {
      return this.#areSafe(node.templateSpans.map(({ expression }) => expression));
    }
    if (ts.isObjectLiteralExpression(node)) {
      return node.properties.every(
        (property) => ts.isPropertyAssignment(property) && this.#isSafe(property.initializer),
      );
    }
    if (ts.isCallExpression(node) && /^redact(?:Line)?$/.test(node.expression.getText())) {
      return true;
    }
    const harmless =
      ts.TypeFlags.NumberLike |
      ts.TypeFlags.BooleanLike |
      ts.TypeFlags.Undefined |
      ts.TypeFlags.StringLiteral;
    return (this.#checker.getTypeAtLocation(node).flags & harmless) !== 0;
  }
}
