/** A file that the user gave: dropped, chosen or pasted. */
export interface GivenFile {
  /** In the folder, with slashes. */
  path: string;
  text: string;
}

export interface GivenFolder {
  /** '' for loose files, which have no name in common. */
  name: string;
  files: GivenFile[];
  /** Files that are too large to be manifests, by path. */
  tooLarge: string[];
}

/** A file on the machine that can be read when it is wanted. */
interface Found {
  path: string;
  read(): Promise<File>;
}

const mostBytes = 8_000_000;
const manifest = /\.(ya?ml|json)$/i;
const kustomization = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;
/** Version control, editors' own folders, what package managers put there. */
const passedOver = /(^|\/)(\.[^/]+|node_modules|vendor)\//;

/** What an `<input type="file">` gave. Of a chosen folder each path begins with the folder's name. */
export function readChosen(list: Iterable<File>): Promise<GivenFolder> {
  const found = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, read: async () => file }));
  return gather(found);
}

/** What was dropped: files and folders, read to the ground. To be called while the event is handled. */
export function readDropped(transfer: DataTransfer): Promise<GivenFolder> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return Promise.all(entries.map((entry) => walk(entry))).then((found) => gather(found.flat()));
}

export function readPasted(text: string): GivenFolder {
  return { name: '', files: [{ path: 'pasted.yaml', text }], tooLarge: [] };
}

async function walk(entry: FileSystemEntry): Promise<Found[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (passedOver.test(`${path}/`)) return [];
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    return [{ path, read: () => new Promise((resolve, reject) => file.file(resolve, reject)) }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // It answers in parts, and with nothing when all was given.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    inside.push(...part);
  }
  return (await Promise.all(inside.map((each) => walk(each)))).flat();
}

async function gather(all: readonly Found[]): Promise<GivenFolder> {
  const found = all.filter(({ path }) => !passedOver.test(path));
  const roots = new Set(found.map(({ path }) => path.split('/')[0]));
  const inFolder = roots.size === 1 && found.every(({ path }) => path.includes('/'));
  const name = inFolder ? ([...roots][0] ?? '') : '';
  const own = found.map((each) => ({ ...each, path: name === '' ? each.path : each.path.slice(name.length + 1) }));
  // A kustomization may take texts of any kind into what it makes; without one only manifests are looked at.
  const wanted = own.some(({ path }) => kustomization.test(path)) ? own : own.filter(({ path }) => manifest.test(path));
  const folder: GivenFolder = { name, files: [], tooLarge: [] };
  for (const { path, read } of wanted) {
    const file = await read();
    if (file.size > mostBytes) folder.tooLarge.push(path);
    else folder.files.push({ path, text: await file.text() });
  }
  folder.files.sort((a, b) => a.path.localeCompare(b.path));
  return folder;
}
