import { instant } from './calendar.ts';
import { type CustomValues, customFieldValues } from './custom-fields.ts';
import { ACCOUNT_ID, BIN_ID, folderId, folderPermalink, ROOT_ID } from './ids.ts';

/** A folder, project or space, and where it hangs. Children are found through {@link Folders}. */
export interface Folder {
  number: number;
  title: string;
  description: string;
  createdDate: number;
  updatedDate: number;
  color: string | undefined;
  parent: Folder | undefined;
  place: 'live' | 'bin' | 'gone';
  sharedIds: string[];
  workflowId: string;
  values: CustomValues;
  isSpace: boolean;
  project: Project | undefined;
}

export interface Project {
  authorId: string;
  ownerIds: string[];
  status: 'Green' | 'Yellow' | 'Red' | 'Completed' | 'OnHold' | 'Cancelled' | 'Custom';
  customStatusId: string;
  startDate: string;
  endDate: string;
  createdDate: string;
}

/** All folders of the account, spaces first. Their number is at most a twentieth of the deals and some, so they are kept whole. */
export class Folders {
  readonly all: Folder[] = [];
  readonly #byId = new Map<string, Folder>();
  readonly #children = new Map<Folder | undefined, Set<Folder>>();

  add(folder: Omit<Folder, 'number'>): Folder {
    const added = { ...folder, number: this.all.length };
    this.all.push(added);
    this.#byId.set(folderId(added.number), added);
    this.#childrenOf(added.parent).add(added);
    return added;
  }

  find(id: string): Folder | undefined {
    const folder = this.#byId.get(id);
    return folder?.place === 'gone' ? undefined : folder;
  }

  in(place: Folder['place']): Folder[] {
    return this.all.filter((folder) => folder.place === place);
  }

  children(of: Folder | undefined, place: Folder['place'] = 'live'): Folder[] {
    return [...this.#childrenOf(of)].filter((child) => child.place === place);
  }

  /** The folder and everything below it in the same place. */
  subtree(folder: Folder): Folder[] {
    return [folder, ...this.children(folder, folder.place).flatMap((child) => this.subtree(child))];
  }

  reparent(folder: Folder, parent: Folder): void {
    this.#childrenOf(folder.parent).delete(folder);
    folder.parent = parent;
    this.#childrenOf(parent).add(folder);
  }

  #childrenOf(parent: Folder | undefined): Set<Folder> {
    const known = this.#children.get(parent);
    if (known) return known;
    const children = new Set<Folder>();
    this.#children.set(parent, children);
    return children;
  }
}

/** The short entry of the unfiltered `/folders`. */
export function treeEntry(folders: Folders, folder: Folder): Record<string, unknown> {
  return {
    id: folderId(folder.number),
    title: folder.title,
    ...(folder.color && { color: folder.color }),
    childIds: childIds(folders, folder),
    scope: folder.place === 'bin' ? 'RbFolder' : 'WsFolder',
    ...(folder.isSpace && { space: true }),
    ...(folder.project && { project: folder.project }),
  };
}

/** The two virtual folders on which the trees hang: only the tree lists them. */
export function virtualFolders(folders: Folders): Record<string, unknown>[] {
  const top = folders.children(undefined).map(({ number }) => folderId(number));
  const binned = folders.in('bin').filter((folder) => folder.parent?.place !== 'bin');
  return [
    { id: ROOT_ID, title: 'Root', childIds: top, scope: 'WsRoot' },
    { id: BIN_ID, title: 'Recycle Bin', childIds: binned.map(({ number }) => folderId(number)), scope: 'RbRoot' },
  ];
}

/** The Folder model with every optional field. */
export function folderModel(folders: Folders, folder: Folder): Record<string, unknown> {
  return {
    id: folderId(folder.number),
    accountId: ACCOUNT_ID,
    title: folder.title,
    createdDate: instant(folder.createdDate),
    updatedDate: instant(folder.updatedDate),
    description: folder.description && `<p>${folder.description}</p>`,
    briefDescription: folder.description,
    ...(folder.color && { color: folder.color }),
    sharedIds: folder.sharedIds,
    parentIds: [parentId(folder)],
    childIds: childIds(folders, folder),
    superParentIds: folder.parent?.parent ? [parentId(folder.parent)] : [],
    scope: folder.place === 'bin' ? 'RbFolder' : 'WsFolder',
    hasAttachments: false,
    attachmentCount: 0,
    permalink: folderPermalink(folder.number),
    workflowId: folder.workflowId,
    metadata: [],
    customFields: customFieldValues(folder.values),
    customColumnIds: customFieldValues(folder.values).map(({ id }) => id),
    space: folder.isSpace,
    ...(folder.project && { project: folder.project }),
  };
}

function parentId(folder: Folder): string {
  if (folder.parent && folder.parent.place === folder.place) return folderId(folder.parent.number);
  return folder.place === 'bin' ? BIN_ID : ROOT_ID;
}

function childIds(folders: Folders, folder: Folder): string[] {
  return folders.children(folder, folder.place).map(({ number }) => folderId(number));
}
