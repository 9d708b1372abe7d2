/** Stands in for something of production with as much of it as the code under simulation uses. */
export function standIn<T>(parts: object): T {
  const made = Object.create(parts);
  return made;
}
