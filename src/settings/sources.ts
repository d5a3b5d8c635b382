/** Where settings are read from. */
export interface SettingsSources {
  /** The value of a configuration key such as `outboundbot:region`; a secret in plain text. */
  readonly config: (key: string) => string | undefined;
  /** Every configuration key that is set; absent where they cannot be listed. */
  readonly configKeys?: (() => readonly string[]) | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
