/** The package version. A constant, so that bundles have it too; a test compares it with package.json. */
export const packageVersion = "0.1.0";
