import { KubeSageError } from '../../kernel/errors.ts';

/** Folders that are at hand; who looks at one keeps it longer. */
const uploadsKept = 6;
const mostFiles = 5000;
const mostCharacters = 40_000_000;

/** Files of one folder, by relative path. */
export class Upload {
  readonly files = new Map<string, string>();
  /** Another one after each change. */
  version = 0;
  #characters = 0;

  /** @throws KubeSageError `tooLarge`, `invalid` for a path that leaves the folder */
  bring(path: string, text: string, more: boolean): void {
    if (!isInside(path)) throw new KubeSageError('invalid', `${path} is no path in a folder`);
    const before = this.files.get(path);
    this.#characters += text.length - (more ? 0 : (before?.length ?? 0));
    if (this.#characters > mostCharacters || this.files.size >= mostFiles) {
      throw new KubeSageError(
        'tooLarge',
        `The folder has more than ${mostFiles} files or ${mostCharacters / 1_000_000} MB`,
        { hint: 'Choose the part of it that has the manifests.' },
      );
    }
    this.version++;
    this.files.set(path, more ? (before ?? '') + text : text);
  }
}

/**
 * What callers have handed over, each under names of their own. The engine reads no folder by itself: what a page names
 * is nothing that could be read from the disk.
 */
export class Uploads {
  readonly #kept = new Map<string, Upload>();

  bring(key: string, files: readonly { path: string; text: string; more: boolean }[]): void {
    const upload = this.#kept.get(key) ?? new Upload();
    this.#touch(key, upload);
    for (const { path, text, more } of files) upload.bring(path, text, more);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= uploadsKept) break;
      this.#kept.delete(old);
    }
  }

  /** @throws KubeSageError `notFound` */
  of(key: string): Upload {
    const upload = this.#kept.get(key);
    if (upload === undefined) {
      throw new KubeSageError('notFound', 'The files are no longer at hand', { hint: 'Choose the folder once more.' });
    }
    this.#touch(key, upload);
    return upload;
  }

  #touch(key: string, upload: Upload): void {
    // The newest is the last that goes.
    this.#kept.delete(key);
    this.#kept.set(key, upload);
  }
}

function isInside(path: string): boolean {
  return (
    !/[\\\0]|^\/|^[a-z]:/i.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
