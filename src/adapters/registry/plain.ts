import avsc from 'avsc';

/**
 * Makes an avsc type whose decoded records are plain objects.
 * avsc gives every record type a constructor of its own; with the ordinary prototype its instances are ordinary objects.
 * @param text the schema as JSON
 */
export function plainType(text: string): avsc.Type {
  const named: Record<string, avsc.Type> = {};
  const type = avsc.Type.forSchema(JSON.parse(text), { omitRecordMethods: true, registry: named });
  for (const each of Object.values(named)) {
    if (each instanceof avsc.types.RecordType) each.recordConstructor.prototype = Object.prototype;
  }
  return type;
}
