/** What the lookups answer, in the words of this project; every id is an MBID. */
export type Named = { readonly id: string; readonly name: string };

/** A recording that carries the ISRC that was asked. */
export type FoundRecording = {
  readonly id: string;
  readonly title: string;
  readonly lengthMs: number | null;
  /** The artists credited on the recording, under the names they are credited by. */
  readonly artists: readonly Named[];
};

/** A recording that MusicBrainz links to a track of Spotify, with all its ISRCs, 12 characters each. */
export type LinkedRecording = FoundRecording & { readonly isrcs: readonly string[] };

/** A work of the recording that was asked. */
export type FoundWork = {
  readonly id: string;
  readonly title: string;
  readonly iswcs: readonly string[];
  /** Its relations to artists of any type; `role` is the type as MusicBrainz words it. */
  readonly writers: readonly (Named & { readonly role: string })[];
};

/** An artist found by IPI or by name, with every name it goes by. */
export type FoundArtist = Named & { readonly aliases: readonly string[]; readonly ipis: readonly string[] };

/** A link of the artist that was asked, known not to have ended. `type` is the relation type. */
export type FoundLink = { readonly type: string; readonly url: string };
