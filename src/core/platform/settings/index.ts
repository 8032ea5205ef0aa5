export { createSettingsApi } from './api.ts';
export { createDocuments, type Document, type DocumentNotice, type Documents } from './documents.ts';
export { createClaimedFolder, createDataFolder, createMemoryFolder, type DataFolder } from './folder.ts';
export { type KeptList, openKeptList } from './keptList.ts';
export { createSettings, type Settings } from './settings.ts';
