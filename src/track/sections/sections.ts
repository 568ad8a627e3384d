import type { z } from 'zod';
import { as, record } from '../shapes.ts';
import { analyticsSection } from './analytics.ts';
import { creditsSection } from './credits.ts';
import { linksSection } from './links.ts';
import { publishingSection } from './publishing.ts';
import { spotifySection } from './spotify.ts';

/** What the phases know of a track, one section each, made of parts. */
export const sections = record('Sections', 'What the phases know of the track.', {
  spotify: as(spotifySection, 'Spotify Web API.'),
  credits: as(creditsSection, 'Credits page.'),
  publishing: as(publishingSection, 'The MLC.'),
  links: as(linksSection, 'MusicBrainz.'),
  analytics: as(analyticsSection, 'Chartmetric.'),
});

export type Sections = z.infer<typeof sections>;

export const NO_SECTIONS: Sections = {
  spotify: { core: null, popularity: null, album: null, artists: null, features: null, access: null },
  credits: { people: null, source: null, streams: null, baseline: null },
  publishing: { work: null, status: null },
  links: { recording: null, writers: null },
  analytics: { identity: null, statistics: null, profile: null, baseline: null },
};
