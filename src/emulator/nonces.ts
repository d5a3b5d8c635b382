/**
 * The nonces seen of late. It remembers the newest `capacity` ones: an older request
 * than that is refused by its time anyway, unless calls come faster than anyone makes them here.
 */
export class Nonces {
  readonly #seen = new Set<string>();

  constructor(readonly capacity: number) {}

  /** False where the nonce was used before. */
  use(nonce: string): boolean {
    if (this.#seen.has(nonce)) {
      return false;
    }
    this.#seen.add(nonce);
    if (this.#seen.size > this.capacity) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) {
        this.#seen.delete(oldest);
      }
    }
    return true;
  }
}
