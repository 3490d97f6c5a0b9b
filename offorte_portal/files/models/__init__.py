from offorte_portal.files.models.export import Export, ExportKeys, ExportPart
from offorte_portal.files.models.upload import ColumnMapping, Upload, UploadedFile, UploadRow

__all__ = ["ColumnMapping", "Export", "ExportKeys", "ExportPart", "Upload", "UploadRow", "UploadedFile"]
